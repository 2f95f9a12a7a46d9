interface Shown {
  url: string;
  folder: string;
  enterprise: { id: number; uniacid: number; name: string };
  /** The first run, as JSON. */
  run: string;
}

/** What to open and try. */
export function guide({ url, folder, enterprise: { id, uniacid, name }, run }: Shown): string {
  const { state, employees, follows } = JSON.parse(run) as {
    state: string;
    employees: { done: number };
    follows: { seen: number };
  };
  const routes = `${url}/business/${uniacid}`;
  const bearer = '-H "Authorization: Bearer $TOKEN"';
  return `
  ${state}: ${employees.done} 名成员、${follows.seen} 条跟进已同步 / ${follows.seen} follows of ${employees.done} employees are here

  接口文档 / documentation:  ${url}/docs
  登录 / sign in:            admin / demo-admin
  企业 / enterprise:         ${id} ${name}, uniacid ${uniacid}
  数据库与日志 / database and log: ${folder}

  # 登录并选择企业 / sign in and choose the enterprise
  TOKEN=$(curl -s ${url}/api/login -d 'username=admin&password=demo-admin' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
  curl -s ${routes}/admin/manageBusiness ${bearer} -d id=${id}
  # 客户列表，新的在前 / its customers, new ones first
  curl -sg '${routes}/plugin/WechatCustomers/getList?per_page=3' ${bearer}
  # 流失的客户 / those lost
  curl -sg '${routes}/plugin/WechatCustomers/getList?search[status]=-1&per_page=3' ${bearer}
  # 同步状态与回调计数 / the last sync and the events
  curl -s ${routes}/plugin/WechatCustomers/syncStatus ${bearer}

  每几秒一个回调，Ctrl-C 结束 / an event every few seconds, Ctrl-C ends it:
`;
}
