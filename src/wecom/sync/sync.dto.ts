import { Field, flag } from '../../http/input/fields';

const confirmed = (raw: unknown) => (raw === undefined || raw === null || raw === '' ? false : flag(raw));

/** The parameters of synchBaseData. */
export class SyncDto {
  @Field(confirmed, {
    description: '1 确认大量流失后继续 / 1: write the losses however many they are',
    type: Number,
    enum: [0, 1],
    required: false,
    example: 0,
  })
  confirm: boolean = false;
}
