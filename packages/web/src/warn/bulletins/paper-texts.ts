import type { Language } from '@hirundo/contract'
import type { texts as english } from '@hirundo/contract/catalogues/bulletin/en'
import { useEffect, useState } from 'react'

type PaperTexts = { readonly [K in keyof typeof english]: string }

const load: Readonly<Record<Language, () => Promise<{ readonly texts: PaperTexts }>>> = {
  en: () => import('@hirundo/contract/catalogues/bulletin/en'),
  ja: () => import('@hirundo/contract/catalogues/bulletin/ja'),
  ko: () => import('@hirundo/contract/catalogues/bulletin/ko'),
  'zh-Hans': () => import('@hirundo/contract/catalogues/bulletin/zh-hans'),
  'zh-Hant': () => import('@hirundo/contract/catalogues/bulletin/zh-hant'),
}

/** The words around a bulletin's own in its language, which need not be the reader's: as it is sent. Undefined until they are there. */
export function usePaperTexts(language: Language): PaperTexts | undefined {
  const [loaded, setLoaded] = useState<{ readonly language: Language; readonly texts: PaperTexts }>()
  useEffect(() => {
    let wanted = true
    void load[language]().then(({ texts }) => wanted && setLoaded({ language, texts }))
    return () => { wanted = false }
  }, [language])
  return loaded?.language === language ? loaded.texts : undefined
}
