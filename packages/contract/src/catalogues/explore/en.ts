export const texts = {
  'explore.title': 'explore',
} as const
