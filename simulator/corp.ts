import { Cursors } from './cursors';
import type { App, Contact, Employee, Follow, Relation, Standing, Tag, TagGroup } from './data';
import { Layout } from './layout';
import { Relations } from './relations';
import { Seed } from './seed';

const STRATEGY_TAGS = 2;

export class Corp {
  readonly apps: App[] = [];
  readonly employees: Employee[] = [];
  readonly tagGroups: TagGroup[] = [];
  /** Names of the strategy tags, by id. */
  readonly strategyTags = new Map<string, { group_name: string; tag_name: string }>();
  readonly cursors = new Cursors();

  /** Rows on page 1, 2, 3 … of batch/get_by_user, over and over; 0 is an empty page with a cursor. None: as many as asked for. */
  pageSizes: number[] = [];
  /** Whether a last empty page follows a list whose last page with rows was full. */
  endsWithEmptyPage = false;
  /** Whether `next_cursor` is left out, instead of "", where a list ends. */
  omitsEmptyCursor = false;
  /** Followers on a page of `get`. */
  followersPerPage = 500;
  /** What batch/get_by_user says of employees without customers; no page tells. */
  emptyBatch: '84061' | 'empty list' = '84061';

  private readonly deletedTags = new Set<string>();
  private readonly byUserid = new Map<string, Employee>();
  private relations = new Relations();
  private nextId = 1;

  constructor(readonly corpId: string) {}

  // Apps

  addApp(app: Partial<App> & { secret: string }): App {
    const rest = { agentId: 1000002 + this.apps.length, kind: 'app' as const, visibleRange: null };
    const added = { trustedAddresses: null, forbidden: [], ...rest, ...app };
    this.apps.push(added);
    return added;
  }

  // Employees

  addEmployee(userid: string, fields: Partial<Employee> = {}): Employee {
    const start = { name: userid, department: [1], status: 1, isFollower: true, isRemoved: false };
    const employee = { ...start, ...fields, userid };
    this.employees.push(employee);
    this.byUserid.set(userid.toLowerCase(), employee);
    return employee;
  }

  /** userids are the same in upper and lower case. @returns also one that has left */
  findEmployee(userid: string): Employee | undefined {
    return this.byUserid.get(userid.toLowerCase());
  }

  /** @throws Error if there is none */
  employee(userid: string): Employee {
    const employee = this.findEmployee(userid);
    if (!employee) throw new Error(`the simulator has no employee ${userid}`);
    return employee;
  }

  /** Follows and the apps' visible ranges go on under the new userid. */
  renameEmployee(from: string, to: string): Employee {
    const employee = this.employee(from);
    this.byUserid.delete(from.toLowerCase());
    this.byUserid.set(to.toLowerCase(), employee);
    for (const app of this.apps) {
      app.visibleRange = app.visibleRange?.map((userid) => (userid === employee.userid ? to : userid)) ?? null;
    }
    employee.userid = to;
    return employee;
  }

  /** The employee leaves the corp: 60111 from now on. */
  removeEmployee(userid: string): void {
    Object.assign(this.employee(userid), { isRemoved: true, isFollower: false });
  }

  /** 客户联系 is taken from the employee, or given back. */
  setFollower(userid: string, isFollower: boolean): void {
    this.employee(userid).isFollower = isFollower;
  }

  // Contacts and relations

  addContact(contact: Partial<Contact> & { external_userid: string }): Contact {
    return this.relations.addContact({ name: '客户', type: 1, avatar: '', gender: 0, ...contact });
  }

  /** To change. @throws Error if there is none */
  contact(externalUserid: string): Contact {
    const contact = this.relations.contact(externalUserid);
    if (!contact) throw new Error(`the simulator has no contact ${externalUserid}`);
    return contact;
  }

  readContact(externalUserid: string): Contact | undefined {
    return this.relations.readContact(externalUserid);
  }

  /** A relation begins, or begins again with these fields changed. */
  follow(
    userid: string,
    externalUserid: string,
    fields: Partial<Follow> = {},
    standing: Standing = 'mutual',
  ): Relation {
    const employee = this.employee(userid);
    this.contact(externalUserid);
    const known = this.relations.find(employee, externalUserid);
    if (known) {
      known.standing = standing;
      known.shownUntil = undefined;
      Object.assign(known.follow, fields);
      return known;
    }
    const createtime = Math.floor(Date.now() / 1000);
    const start = { remark: '', description: '', createtime, tag_id: [], remark_mobiles: [], add_way: 1 };
    return this.relations.add(employee, externalUserid, standing, { ...start, oper_userid: userid, ...fields });
  }

  /** The customer has added a member who has not added back. */
  halfFollow(userid: string, externalUserid: string, fields: Partial<Follow> = {}): Relation {
    return this.follow(userid, externalUserid, fields, 'half');
  }

  /** To change. @throws Error if there is none */
  relation(userid: string, externalUserid: string): Relation {
    const relation = this.findRelation(userid, externalUserid);
    if (!relation) throw new Error(`the simulator has no follow of ${externalUserid} by ${userid}`);
    return relation;
  }

  /** To change; of any standing. */
  findRelation(userid: string, externalUserid: string): Relation | undefined {
    const employee = this.findEmployee(userid);
    return employee && this.relations.find(employee, externalUserid);
  }

  /** The member deletes the customer: gone from lists at once. @param lagMs how long `get` still shows the pair */
  unfollowByMember(userid: string, externalUserid: string, lagMs = 0): Relation {
    const relation = this.relation(userid, externalUserid);
    relation.standing = 'member-left';
    relation.shownUntil = Date.now() + lagMs;
    return relation;
  }

  /** The customer deletes the member: lists and `get` go on showing the pair. */
  unfollowByCustomer(userid: string, externalUserid: string): Relation {
    const relation = this.relation(userid, externalUserid);
    relation.standing = 'customer-left';
    return relation;
  }

  /** What lists show of the employee, in their order, to read. */
  *listed(employee: Employee, after = -1): Generator<Relation> {
    for (const relation of this.relations.ofEmployee(employee, after)) if (isListed(relation)) yield relation;
  }

  /** What `get` shows of a contact, to read. */
  *shown(externalUserid: string): Generator<Relation> {
    for (const relation of this.relations.ofContact(externalUserid)) {
      const { employee, shownUntil = 0 } = relation;
      const isShown = isListed(relation) || (relation.standing === 'member-left' && shownUntil > Date.now());
      if (isShown && employee.isFollower && !employee.isRemoved) yield relation;
    }
  }

  /** Everything that a complete sync sees, to compare with. */
  *allListed(): Generator<{ userid: string; contact: Contact; follow: Follow }> {
    for (const employee of this.employees) {
      if (!employee.isFollower || employee.isRemoved) continue;
      for (const { externalUserid, follow } of this.listed(employee)) {
        const tag_id = this.liveTags(follow.tag_id);
        yield { userid: employee.userid, contact: this.readContact(externalUserid)!, follow: { ...follow, tag_id } };
      }
    }
  }

  // Tags

  addTagGroup(name: string, tags: string[], fields: Partial<TagGroup> = {}): TagGroup {
    const create_time = Math.floor(Date.now() / 1000);
    const ids = { group_id: this.newId('etSIMGROUP'), group_name: name };
    const group = { ...ids, create_time, order: 0, isDeleted: false, tag: [], ...fields };
    this.tagGroups.push(group);
    for (const tag of tags) this.addTag(group.group_id, tag);
    return group;
  }

  /** @throws Error if there is no such group */
  addTag(groupId: string, name: string, fields: Partial<Tag> = {}): Tag {
    const group = this.tagGroups.find(({ group_id }) => group_id === groupId);
    if (!group) throw new Error(`the simulator has no tag group ${groupId}`);
    const create_time = Math.floor(Date.now() / 1000);
    const tag = { id: this.newId('etSIMTAG'), name, create_time, order: 0, isDeleted: false, ...fields };
    group.tag.push(tag);
    group.isDeleted = false;
    return tag;
  }

  /** @returns the living tag with the id */
  findTag(id: string): Tag | undefined {
    for (const group of this.tagGroups) {
      if (group.isDeleted) continue;
      const tag = group.tag.find((candidate) => candidate.id === id && !candidate.isDeleted);
      if (tag) return tag;
    }
    return undefined;
  }

  /** @param id of a tag or a group @throws Error if there is none */
  renameTag(id: string, name: string): void {
    const group = this.tagGroups.find(({ group_id, isDeleted }) => group_id === id && !isDeleted);
    const tag = this.findTag(id);
    if (group) group.group_name = name;
    else if (tag) tag.name = name;
    else throw new Error(`the simulator has no tag ${id}`);
  }

  /** Takes the tag off every follow, too; a group without tags goes with its last. */
  deleteTag(id: string): void {
    for (const group of this.tagGroups) {
      for (const tag of group.tag) if (group.group_id === id || tag.id === id) this.end(tag);
      group.isDeleted = group.tag.every(({ isDeleted }) => isDeleted);
    }
  }

  /** @returns without those that were deleted; strategy tags and, if a test made some up, unknown ones stay */
  liveTags(ids: readonly string[]): string[] {
    return ids.filter((id) => !this.deletedTags.has(id));
  }

  // Seeding

  /** @throws Error if there is somebody already, or there are more follows than pairs */
  fill(seed: number, counts: { employees: number; contacts: number; follows: number; tags: number }): void {
    if (this.employees.length > 0 || !this.relations.isEmpty) throw new Error('only an empty corp can be filled');
    for (let index = 0; index < counts.employees; index++) {
      const employee = Seed.employee(seed, index);
      this.addEmployee(employee.userid, employee);
    }
    this.tagGroups.push(...Seed.tagGroups(seed, counts.tags));
    const strategyTags = Seed.strategyTags(seed, counts.tags > 0 ? STRATEGY_TAGS : 0);
    for (const [id, names] of strategyTags) this.strategyTags.set(id, names);
    const tags = [...this.tagGroups.flatMap(({ tag }) => tag.map(({ id }) => id)), ...strategyTags.keys()];
    const employees = [...this.employees];
    const userids = employees.map(({ userid }) => userid);
    this.relations = new Relations({
      layout: new Layout(seed, counts.employees, counts.contacts, counts.follows),
      seed: new Seed(seed, counts.contacts, tags, userids),
      employees,
    });
  }

  private end(tag: Tag): void {
    tag.isDeleted = true;
    this.deletedTags.add(tag.id);
  }

  private newId(prefix: string): string {
    return prefix + String(this.nextId++).padStart(32 - prefix.length, '0');
  }
}

function isListed({ standing }: Relation): boolean {
  return standing === 'mutual' || standing === 'customer-left';
}
