import type { SessionView } from '@hirundo/contract'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { BreakGlassNotice } from '../people/break-glass-notice.tsx'
import { useText } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { Bell } from '../warn/notices/bell.tsx'
import { AddressNotice } from './address-notice.tsx'
import { GoDialog } from './go.tsx'
import { KeysDialog, useKeys } from './keys.tsx'
import { sections, type PageEntry, type Section } from './pages.ts'
import { useSession } from './session.tsx'
import { useSimulated } from './simulated.tsx'
import { YouMenu } from './you-menu.tsx'

const allowed = (session: SessionView | undefined) => ({ needs }: PageEntry): boolean =>
  needs === undefined || (needs === 'person' ? session?.person != null : (session?.scopes.includes(needs) ?? false))

/** A port or a source belongs to the rankings, as a reader comes from there. */
function sectionOf(path: string): Section | undefined {
  return sections.find(({ id, pages }) => path.startsWith(`/${id}`) || pages.some((page) => page.path === path))
}
const isActive = (path: string, page: PageEntry): boolean => path === page.path || (page.path.includes('/top/') && /^\/observe\/(top|ports|sources)\//.test(path))

const exactly = { exact: true, includeSearch: false } as const

const PageLink = ({ page, path }: { readonly page: PageEntry; readonly path: string }) => {
  const t = useText()
  const active = isActive(path, page)
  // Its own idea of active is by prefix: then the overview would be marked on every page below it.
  return <Link to={page.path} activeOptions={exactly} className={`rail-link${active ? ' active' : ''}`} aria-current={active ? 'page' : undefined}>{t(page.name)}</Link>
}

function Rail({ path }: { readonly path: string }) {
  const t = useText()
  const may = allowed(useSession())
  return (
    <nav className="rail" aria-label={t('shell.nav')}>
      <Link to="/observe" className="rail-brand"><Mark />{t('shell.product')}</Link>
      {sections.map(({ id, name, pages }) => {
        const open = pages.filter(may)
        if (pages.length > 0 && open.length === 0) return null
        return (
          <div key={id} className={`rail-group${pages.length === 0 ? ' off' : ''}`}>
            <span className="rail-title">{t(name)}{pages.length === 0 && <span className="sr"> ({t('shell.not_yet')})</span>}</span>
            {open.map((page) => <PageLink key={page.path} page={page} path={path} />)}
          </div>
        )
      })}
    </nav>
  )
}

/** At the narrow width: the sections below, the pages of the open one above. */
function NarrowNav({ path }: { readonly path: string }) {
  const t = useText()
  const may = allowed(useSession())
  const open = sections.filter(({ pages }) => pages.some(may))
  const current = sectionOf(path)
  return (
    <nav className="bottom-bar" aria-label={t('shell.nav')}>
      {open.map((section) => {
        const active = section.id === current?.id
        return <Link key={section.id} to={section.pages.find(may)!.path} className={active ? 'active' : ''} aria-current={active ? 'true' : undefined}>{t(section.name)}</Link>
      })}
    </nav>
  )
}

function SectionTabs({ path }: { readonly path: string }) {
  const t = useText()
  const may = allowed(useSession())
  const pages = sectionOf(path)?.pages.filter(may) ?? []
  const bar = useRef<HTMLElement>(null)
  useEffect(() => {
    // More pages than fit: the open one must be among those in sight. Not scrollIntoView, which moves the page too.
    const show = () => {
      const open = bar.current?.querySelector<HTMLElement>('.active')
      if (bar.current && open) bar.current.scrollLeft = open.offsetLeft - (bar.current.clientWidth - open.offsetWidth) / 2
    }
    show()
    addEventListener('resize', show)
    return () => removeEventListener('resize', show)
  }, [path, pages.length])
  if (pages.length < 2) return null
  return <nav ref={bar} className="section-tabs" aria-label={t('shell.nav_section')}>{pages.map((page) => <PageLink key={page.path} page={page} path={path} />)}</nav>
}

/** What stands around every page of who is signed in. */
export function Shell() {
  const t = useText()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const [dialog, setDialog] = useState<'help' | 'search'>()
  const open = useMemo(() => ({ help: () => setDialog('help'), search: () => setDialog('search') }), [])
  useKeys(open)
  const simulated = useSimulated()
  const close = () => setDialog(undefined)
  return (
    <div className="shell">
      <a className="skip" href="#content">{t('shell.skip')}</a>
      {simulated && <aside className="band-simulated" aria-label={t('ui.simulated')}>{t('shell.simulated')}</aside>}
      <Rail path={path} />
      <div className="column">
        <header className="topbar">
          <Button kind="plain" onPress={open.search}>{t('shell.search')} <kbd className="mono quiet search-key" aria-hidden="true">/</kbd></Button>
          <div className="row">
            <Button kind="icon" aria-label={t('shell.keys')} onPress={open.help}><kbd className="mono" aria-hidden="true">?</kbd></Button>
            <Bell />
            <YouMenu />
          </div>
        </header>
        <SectionTabs path={path} />
        <main id="content" className="content" tabIndex={-1}><BreakGlassNotice /><AddressNotice /><Outlet /></main>
      </div>
      <NarrowNav path={path} />
      <GoDialog isOpen={dialog === 'search'} onClose={close} />
      <KeysDialog isOpen={dialog === 'help'} onClose={close} />
    </div>
  )
}
