/** The rows of the vendors' documented example answers (CONTRACT 3), to the letter. */

const tenant = { uniacid: 2, enterpriseId: 1 };
const SYNCHRONISED = '2021-09-28 09:21:46';

export const goldenContacts = [
  {
    id: 37,
    ...tenant,
    memberUid: 0,
    externalUserid: 'woDesSDgAAShvEE1Odl6hiE8TPbaybhw',
    name: '李一天',
    avatar:
      'http://wework.qpic.cn/wwhead/nMl9ssowtibVGyrmvBiaibzDrzltpHO18fPs34Qu2plSGib52cRusl235ibiarTTgyXDwr4Mbmwc3Lsics/0',
    externalType: 2,
    gender: 1,
    corpName: '芸众',
    corpFullName: '广州市芸众信息科技有限公司',
    externalProfile: 'null',
    createdAt: SYNCHRONISED,
  },
  {
    id: 20,
    ...tenant,
    memberUid: 3061,
    externalUserid: 'wmDesSDgAAG17vSqReXF2Z5NoJs9yGgg',
    name: 'Abe',
    avatar: 'http://wx.qlogo.cn/mmhead/ZqDaDiccbgkgPt3oAibwdVF9iayeDB61or1vTbven6xy5siatWCXH0NDJA/0',
    externalType: 1,
    gender: 2,
    unionid: 'otAGn0opBEvlppt6dH3oplwFC9aY',
    externalProfile: 'null',
    isMember: 1,
    createdAt: '2021-08-23 18:24:42',
    updatedAt: '2021-08-23 18:40:42',
  },
];

export const goldenEmployee = {
  id: 12,
  uniacid: 2,
  enterpriseId: 1,
  userid: 'XiaoLiangZi',
  name: '李健平',
  mobile: '13547567468',
  gender: 1,
  avatar: 'https://wework.qpic.cn/bizmail/g2TmcaCFx5yE5F5dufa9zyshU9v6fYIHziasdVlEof4PzDwe4VvKaxw/0',
  qrCode: 'https://open.work.weixin.qq.com/wwopen/userQRCode?vcode=vc060e73b159d87d1d',
  openUserid: '1_XiaoLiangZi',
  mainDepartment: '1',
  updatedAt: '2021-09-24 16:31:09',
  createdAt: '2021-09-24 16:31:09',
};

const TAGGED = '2021-08-24 16:13:28';

export const goldenTags = [
  {
    id: 27,
    ...tenant,
    tagId: 'etDesSDgAAB6_PNgMEt6fWHVVJhceQow',
    name: '开发测试标签组1标签1',
    createTime: 1615434976,
    createdAt: TAGGED,
    updatedAt: TAGGED,
    groupId: 'etDesSDgAAkqdytUBUMtc_fsnHRnEZ6w',
    groupName: '开发测试标签组1',
  },
  {
    id: 26,
    ...tenant,
    tagId: 'etDesSDgAAYoJscGWjVDukf38n7PJIOg',
    name: '测试标签1-2',
    createTime: 1616825466,
    createdAt: TAGGED,
    updatedAt: TAGGED,
    groupId: 'etDesSDgAAgSPK4ZV9R6whR-HznwfJGw',
    groupName: '测试标签组1',
  },
  {
    id: 25,
    ...tenant,
    tagId: 'etDesSDgAACFJtKmZ8DmxP3DjZmceyLw',
    name: '测试标签11',
    createTime: 1616825466,
    createdAt: TAGGED,
    updatedAt: TAGGED,
    groupId: 'etDesSDgAAgSPK4ZV9R6whR-HznwfJGw',
    groupName: '测试标签组1',
  },
];

export const goldenFollows = [
  {
    id: 63,
    ...tenant,
    userid: 'XiaoLiangZi',
    externalUserid: 'woDesSDgAAShvEE1Odl6hiE8TPbaybhw',
    remark: '李宝佳',
    customerCreateTime: 1631950639,
    operUserid: 'woDesSDgAAShvEE1Odl6hiE8TPbaybhw',
    tagId: '',
    createtime: 1631950639,
    addWay: '1',
    createdAt: SYNCHRONISED,
    customerPk: 37,
    externalType: 2,
  },
  {
    id: 62,
    ...tenant,
    userid: 'XiaoLiangZi',
    externalUserid: 'wmDesSDgAAG17vSqReXF2Z5NoJs9yGgg',
    remark: 'Abe',
    customerCreateTime: 1632277573,
    operUserid: 'XiaoLiangZi',
    tagId: 'etDesSDgAACFJtKmZ8DmxP3DjZmceyLw,etDesSDgAAB6_PNgMEt6fWHVVJhceQow',
    createtime: 1632277573,
    addWay: '1',
    createdAt: SYNCHRONISED,
    customerPk: 20,
    externalType: 1,
  },
];
