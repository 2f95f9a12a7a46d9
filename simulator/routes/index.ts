import { get, getByUser, list } from './contacts';
import { followList, user } from './members';
import type { Route, TokenRoute } from './route';
import { addTags, deleteTags, editTag, tagList } from './tags';
import { markTag, remark } from './writes';

export const gettoken: TokenRoute = {
  method: 'GET',
  empty: {},
  list: 'access_token',
  fetch: (tokens, query, address) => tokens.fetch(query.get('corpid') ?? '', query.get('corpsecret') ?? '', address),
};

/** By path below /cgi-bin/. */
export const ROUTES: Readonly<Record<string, Route>> = {
  'externalcontact/get_follow_user_list': followList,
  'externalcontact/list': list,
  'externalcontact/get': get,
  'externalcontact/batch/get_by_user': getByUser,
  'externalcontact/remark': remark,
  'externalcontact/mark_tag': markTag,
  'externalcontact/get_corp_tag_list': tagList,
  'externalcontact/add_corp_tag': addTags,
  'externalcontact/edit_corp_tag': editTag,
  'externalcontact/del_corp_tag': deleteTags,
  'user/get': user,
};
