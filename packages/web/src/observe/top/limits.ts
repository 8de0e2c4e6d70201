/** How many ranks a reader may choose. */
export const limits = ['10', '25', '50', '100'] as const
export type Limit = (typeof limits)[number]
export const LIMIT_DEFAULT: Limit = '25'
