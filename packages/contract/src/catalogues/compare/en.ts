export const texts = {
  'compare.title': 'compare',
} as const
