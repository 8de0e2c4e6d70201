export const texts = {
  'economies.title': 'economies',
} as const
