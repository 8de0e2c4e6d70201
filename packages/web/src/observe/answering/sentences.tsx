import './sentences.css'

/** Sentences one after the other: with a space between them, but in languages that write none. */
export const Sentences = ({ texts }: { readonly texts: readonly string[] }) => <>{texts.map((text) => <span key={text} className="sentence">{text}</span>)}</>
