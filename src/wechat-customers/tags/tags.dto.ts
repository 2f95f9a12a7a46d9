import { Field, optional, pageNumber, searchText } from '../../http/input/fields';
import { NestedSearch } from '../search.decorator';

export class TagSearchDto {
  @Field(optional(searchText), {
    description: '标签名包含 / tag name contains',
    type: String,
    required: false,
    example: '标签',
  })
  name?: string;
}

/** The parameters of getTagList (CONTRACT 2.4). */
export class TagListDto {
  @NestedSearch(TagSearchDto)
  search?: TagSearchDto;

  @Field(pageNumber, { description: '分页，缺省 1 / page, default 1', type: Number, required: false, example: 1 })
  page: number = 1;
}
