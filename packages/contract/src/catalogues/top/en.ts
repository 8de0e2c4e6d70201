export const texts = {
  'top.title': 'top',
} as const
