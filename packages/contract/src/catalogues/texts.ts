/** Messages of one area in one language: the keys of English, each an ICU message with the same arguments. */
export type TextsLike<T> = { readonly [K in keyof T]: string }
