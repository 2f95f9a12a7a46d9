/* Rows of which some properties are given; those that are undefined are not. */

/** What is given of some properties. */
export function givenOf<Row extends object>(from: Partial<Row>, properties: readonly (keyof Row)[]): Partial<Row> {
  const given = properties.filter((property) => from[property] !== undefined);
  return Object.fromEntries(given.map((property) => [property, from[property]])) as Partial<Row>;
}

/** Whether one of some properties differs. */
export const differs = <Row>(a: Row, b: Row, properties: readonly (keyof Row)[]) =>
  properties.some((property) => a[property] !== b[property]);
