/** Rows of a CSV file by RFC 4180; throws where quotes are wrong or rows differ in length. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let at = 0
  while (at < text.length) {
    const row: string[] = []
    for (;;) {
      const quoted = /"((?:[^"]|"")*)"(?=,|\r\n|$)/y
      const plain = /[^",\r\n]*(?=,|\r\n|$)/y
      quoted.lastIndex = plain.lastIndex = at
      const found = quoted.exec(text) ?? plain.exec(text)
      if (!found) throw new Error(`no CSV at ${at}: ${text.slice(at, at + 40)}`)
      row.push((found[1] ?? found[0]).replaceAll('""', '"'))
      at += found[0].length
      if (text[at] !== ',') break
      at += 1
    }
    at += 2
    rows.push(row)
  }
  const [head] = rows
  const odd = rows.find((row) => row.length !== head!.length)
  if (odd) throw new Error(`a row of ${odd.length} cells below a head of ${head!.length}: ${odd.join()}`)
  return rows
}
