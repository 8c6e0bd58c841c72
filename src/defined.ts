/** `T` with each field that may be `undefined` optional instead. */
export type Defined<T> =
  & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> }
  & { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };

/**
 * `fields` without those that are `undefined`: what is to be written as JSON, or is typed with `exactOptionalPropertyTypes`,
 * has no such field.
 */
export function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
