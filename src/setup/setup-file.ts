import { z } from 'zod';
import { emailAddress, mobileNumber, name } from '../base/command-arguments';
import { readYaml } from '../base/yaml-file';
import { IDENTITIES, Identity } from '../enterprise/identities';
import { FREE_TEXTS } from '../user-customer/customers/customer-query';

/** A text that a parser of the command line takes. */
const by = (parse: (text: string) => string) =>
  z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue((error as Error).message);
      return z.NEVER;
    }
  });

const id = z.int().min(1, 'must be 1 or more');

/** Where a secret is, as it is never in the file: a variable of the environment, or a line of standard input from 1 on. */
const secret = z
  .strictObject(
    { env: z.string().min(1).optional(), stdin: z.int().min(1).max(1000).optional() },
    'must be { env: NAME } or { stdin: line }: no secret stands in the file',
  )
  .refine(({ env, stdin }) => (env === undefined) !== (stdin === undefined), 'must name either env or stdin');

/** Absent: as it is, or the default of a new account. */
const account = z
  .strictObject({
    username: by(name),
    /** The user_id of a new account. */
    id: id.optional(),
    super: z.boolean().optional(),
    open: z.boolean().optional(),
    email: by(emailAddress).optional(),
    mobile: by(mobileNumber).optional(),
    password: secret.optional(),
    /** Without it only a new account gets the password. */
    reset_password: z.boolean().optional(),
  })
  .refine(({ password, reset_password }) => !reset_password || password, {
    path: ['password'],
    error: 'is missing, which reset_password needs',
  });

const enterprise = z.strictObject({ id, uniacid: id, name: by(name), running: z.boolean().optional() });

const right = z.strictObject({
  username: z.string(),
  business_id: id,
  identity: z.enum(Object.keys(IDENTITIES) as Identity[], `must be ${Object.keys(IDENTITIES).join(', ')}`),
  /** The userid of the employee that the account is; empty: none. */
  employee: z.string().optional(),
});

/** Name, code and texts are checked as the routes do (CONTRACT 1.4). */
const customer = z.strictObject({
  customer_id: id,
  name: z.string(),
  secret: secret.optional(),
  ...(Object.fromEntries(FREE_TEXTS.map((text) => [text, z.string().optional()])) as Record<
    (typeof FREE_TEXTS)[number],
    z.ZodOptional<z.ZodString>
  >),
});

/** A list in which nothing is twice. */
const list = <Item extends z.ZodType>(item: Item, keyOf: (item: z.output<Item>) => string | number) =>
  z
    .array(item)
    .default([])
    .superRefine((items, context) => {
      const keys = items.map(keyOf);
      const twice = keys.findIndex((key, at) => keys.indexOf(key) < at);
      if (twice !== -1) context.addIssue({ code: 'custom', path: [twice], message: `${keys[twice]} is here twice` });
    });

const setup = z.strictObject({
  accounts: list(account, ({ username }) => username).superRefine((accounts, context) => {
    const ids = accounts.map((each) => each.id);
    const twice = ids.findIndex((each, at) => each !== undefined && ids.indexOf(each) < at);
    if (twice !== -1) context.addIssue({ code: 'custom', path: [twice, 'id'], message: 'is another account’s, too' });
  }),
  enterprises: list(enterprise, (each) => each.id),
  rights: list(right, ({ username, business_id }) => `${username} in ${business_id}`),
  customers: list(customer, ({ customer_id }) => customer_id),
});

/** What a file asks for. */
export type Setup = z.output<typeof setup>;
export type SecretPlace = z.output<typeof secret>;

/** @throws OperatorError naming the place of the first fault in the file */
export function readSetupFile(file: string): Setup {
  return readYaml(file, setup);
}
