import { useState } from 'react'
import { useText } from '../text/text.tsx'
import { TextField } from '../ui/field.tsx'
import { looksLikeSignInName } from './sign-in-name.ts'

interface Named {
  readonly name: string
  readonly sign_in_name: string
}
interface NamedFields {
  /** Name and sign-in name, with what is wrong with them once they were sent. */
  readonly fields: React.ReactNode
  /** Both, trimmed; undefined while one of them is wrong, which the fields then say. */
  readonly take: () => Named | undefined
}

/** The two fields that name a person. `own`: one's own, so that the browser offers what it knows of its owner. */
export function useNamed({ own }: { readonly own: boolean }): NamedFields {
  const t = useText()
  const [name, setName] = useState('')
  const [sign_in_name, setSignInName] = useState('')
  const [tried, setTried] = useState(false)
  const named = name.trim() !== ''
  const known = looksLikeSignInName(sign_in_name)
  return {
    fields: (
      <>
        <TextField label={t('people.name')} {...(own ? { hint: t('people.name_hint') } : { autoFocus: true })} autoComplete={own ? 'name' : 'off'} value={name} onChange={setName} maxLength={100}
          error={tried && !named ? t('people.missing') : undefined} />
        <TextField label={t('people.sign_in_name')} hint={t('people.sign_in_name_hint')} autoComplete={own ? 'username' : 'off'} inputMode="email" value={sign_in_name} onChange={setSignInName} maxLength={200}
          error={tried && !known ? t('people.sign_in_name_wrong') : undefined} />
      </>
    ),
    take: () => {
      setTried(true)
      return named && known ? { name: name.trim(), sign_in_name: sign_in_name.trim() } : undefined
    },
  }
}
