/** A name of the browser in the generated client; the root's configuration has only Node's. */
type BodyInit = NonNullable<RequestInit['body']>;
