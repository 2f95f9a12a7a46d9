import { convert } from 'openapi-to-postmanv2';

interface Pair {
  key: string;
  value: string;
  disabled?: boolean;
}

interface Folder {
  item?: (Folder | Item)[];
}

interface Item {
  name: string;
  request: {
    method: string;
    auth: { type: string; bearer?: Pair[] } | null;
    header: Pair[];
    url: { path: string[]; query: Pair[]; variable: Pair[] };
    body?: { mode: string; raw?: string; urlencoded?: Pair[] };
  };
}

/** A request of a collection, ready to send. */
export interface PostmanRequest {
  name: string;
  method: string;
  target: string;
  /** Postman puts the collection's token in. */
  needsToken: boolean;
  /** Of the body. */
  type: string | undefined;
  body: string | undefined;
}

/** What a document becomes in Postman, imported with folders by tag and parameters from examples. */
export async function toPostman(document: object): Promise<PostmanRequest[]> {
  const options = { folderStrategy: 'Tags', requestParametersResolution: 'Example' };
  const collection = await new Promise<Folder>((resolve, reject) =>
    convert(
      { type: 'json', data: document },
      options,
      (error, { result, reason, output } = { result: false, output: [] }) => {
        if (error || !result) reject(error ?? new Error(reason));
        else resolve(output[0]!.data as Folder);
      },
    ),
  );
  return itemsOf(collection).map(toRequest);
}

/** In the order in which Postman runs them. */
function itemsOf({ item = [] }: Folder): Item[] {
  return item.flatMap((inner) => ('request' in inner ? [inner] : itemsOf(inner)));
}

function toRequest({ name, request: { method, auth, header, url, body } }: Item): PostmanRequest {
  const path = url.path.map((part) => (part.startsWith(':') ? valueOf(url.variable, part.slice(1)) : part));
  const query = encode(url.query);
  return {
    name,
    method,
    target: `/${path.join('/')}${query && `?${query}`}`,
    needsToken: auth?.type !== 'noauth',
    type: header.find(({ key }) => key === 'Content-Type')?.value,
    body: body?.mode === 'raw' ? body.raw : body?.urlencoded && encode(body.urlencoded),
  };
}

const valueOf = (pairs: Pair[], name: string) => pairs.find(({ key }) => key === name)!.value;

function encode(pairs: Pair[] = []): string {
  const sent = pairs.filter(({ disabled }) => !disabled).map(({ key, value }): [string, string] => [key, value]);
  return new URLSearchParams(sent).toString();
}
