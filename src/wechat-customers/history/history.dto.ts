import { digits, Field, required } from '../../http/input/fields';

/** A follow by its id, as getList shows it. */
export class HistoryDto {
  @Field(required(digits), { description: '跟进 id / follow', type: Number, example: 63 })
  id: number;
}
