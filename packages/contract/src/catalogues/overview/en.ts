export const texts = {
  'overview.title': 'overview',
} as const
