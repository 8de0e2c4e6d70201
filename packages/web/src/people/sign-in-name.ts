/** As the contract wants it: looks like an e-mail address, 3 to 200 characters. */
export const looksLikeSignInName = (text: string): boolean => {
  const name = text.trim()
  return name.length >= 3 && name.length <= 200 && /^[^\s@]+@[^\s@]+$/.test(name)
}
