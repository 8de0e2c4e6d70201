/**
 * A mail address as we send to: `local@domain` in ASCII without quotes (RFC 5321 `Dot-string "@" Domain`). What is not of
 * this form cannot carry a second address, a header or a command.
 */
const shape = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/
const LOCAL_CHARS_MAX = 64
const CHARS_MAX = 254

export const isMailAddress = (text: string): boolean => text.length <= CHARS_MAX && shape.test(text) && text.indexOf('@') <= LOCAL_CHARS_MAX

/** In lower case. */
export const mailDomain = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()
