/** WeCom's values of `add_way`, for the documentation: new ones appear, so any value is stored, shown and found. */
export const ADD_WAYS =
  '0 未知 1 扫码 2 搜手机号 3 名片 4 群聊 5 通讯录 6 微信联系人 7 微信好友申请 8 第三方客服 9 邮箱 10 视频号 11 日程 12 会议 ' +
  '13 微信好友对应的企业微信 14 智慧硬件 15 上门服务 16 获客链接 17 定制开发 18 需求回复 21 第三方售前 22 可能的商务伙伴 ' +
  '24 接受微信好友申请 201 内部共享 202 管理员分配，可能再增加；旧页面只认得 0–9、201、202，不认得其余 / ' +
  'more may come; the old page knows 0–9, 201 and 202 and none of the others';
