import { Field, required, searchText } from '../../http/input/fields';

/** A follow by WeCom's ids, trimmed (CONTRACT 2.4). */
export class DetailsDto {
  @Field(required(searchText), {
    description: '外部联系人 userid / contact',
    type: String,
    example: 'woDesSDgAAShvEE1Odl6hiE8TPbaybhw',
  })
  external_userid: string;

  @Field(required(searchText), { description: '成员 userid / employee', type: String, example: 'XiaoLiangZi' })
  userid: string;
}
