export const texts = {
  'source.title': 'source',
} as const
