import { ApiProperty } from '@nestjs/swagger';
import { PageReply } from '../../http/output/paginator';
import type { TagReply } from '../rows.reply';

/** A tag to choose. */
class TagOptionReply {
  @ApiProperty({ description: '企业微信标签 id / WeCom id', example: 'etDesSDgAAB6_PNgMEt6fWHVVJhceQow' })
  tag_id: string;

  @ApiProperty({ description: '标签名 / name', example: '开发测试标签组1标签1' })
  name: string;
}

/** The answer of getTagList. */
export class TagListReply extends PageReply {
  @ApiProperty({ description: '标签，id 倒序 / tags, id descending', type: [TagOptionReply] })
  declare data: TagOptionReply[];
}

export function toTagOption({ tag_id, name }: TagReply): TagOptionReply {
  return { tag_id, name };
}
