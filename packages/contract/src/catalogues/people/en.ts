export const texts = {
  'people.title': 'people',
} as const
