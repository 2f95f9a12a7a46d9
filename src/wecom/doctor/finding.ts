/** The same in Chinese and in English: the command is read by whoever runs the server, and shown to whoever runs the corp. */
export interface Text {
  zh: string;
  en: string;
}

/** What is checked, in this order. */
export const CHECKS = {
  connection: { zh: '连接', en: 'connection' },
  secret: { zh: '企业 ID 与 Secret', en: 'corp id and secret' },
  address: { zh: '企业可信 IP', en: 'trusted address' },
  permission: { zh: '接口权限', en: 'permission' },
  visible: { zh: '应用可见范围', en: 'visible range' },
  contacts: { zh: '客户联系使用范围', en: '客户联系 range' },
  callbacks: { zh: '应用回调', en: 'callbacks of the app' },
  assistant: { zh: '通讯录同步回调', en: 'callbacks of the contacts-sync assistant' },
  events: { zh: '搁置的事件', en: 'events set aside' },
} as const satisfies Record<string, Text>;

export type Check = keyof typeof CHECKS;

/** `note`: right, but worth knowing; `skipped`: what was wrong before kept it from being checked. */
export type State = 'ok' | 'wrong' | 'note' | 'skipped';

export interface Finding extends Text {
  check: Check;
  state: State;
}

export const finding = (check: Check, state: State, text: Text): Finding => ({ check, state, ...text });

const NOT_CHECKED: Text = { zh: '未检查，请先处理上面的问题', en: 'not checked, see above first' };

export const skipped = (check: Check): Finding => finding(check, 'skipped', NOT_CHECKED);

/** A finding as a line. */
export function toLine({ check, state, zh, en }: Finding): string {
  const name = CHECKS[check];
  return `${state.padEnd(7)}  ${name.zh}：${zh} / ${name.en}: ${en}`;
}
