import type { Scope } from '@hirundo/contract'
import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { parseSearch, stringifySearch } from './search-params.ts'
import { readSession } from './session.tsx'
import { Shell } from './shell.tsx'
import { Failed, Forbidden, NotFound } from './status-pages.tsx'

const root = createRootRouteWithContext<{ readonly client: QueryClient }>()({ component: Outlet, notFoundComponent: NotFound, errorComponent: Failed })

/** Everything but sign-in needs a session; where one came from is kept, so that sign-in leads back. */
const shell = createRoute({
  getParentRoute: () => root, id: 'shell', component: Shell,
  beforeLoad: async ({ context, location }) => {
    const session = await readSession(context.client)
    if (session.signed_in && session.needs === null) return { scopes: session.scopes, is_person: session.person !== null }
    if (session.needs === 'enrolment') throw redirect({ href: '/enrol' })
    throw redirect({ href: `/sign-in${stringifySearch({ next: location.href === '/' ? undefined : location.href })}` })
  },
})

interface Load { readonly [name: string]: unknown }
type Needs = Scope | 'person' | undefined

function page(path: string, needs: Needs, load: () => Promise<Load>, name: string) {
  const Lazy = lazyRouteComponent(load as never, name as never) as unknown as () => React.ReactNode
  return createRoute({
    getParentRoute: () => shell, path,
    component: function Guarded() {
      const { scopes, is_person } = shell.useRouteContext()
      const may = needs === undefined || (needs === 'person' ? is_person : scopes.includes(needs))
      return may ? <Lazy /> : <Forbidden />
    },
    errorComponent: Failed,
  })
}
const open = (path: string, load: () => Promise<Load>, name: string) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load as never, name as never) as never, errorComponent: Failed })

const home = createRoute({ getParentRoute: () => root, path: '/', beforeLoad: () => { throw redirect({ href: '/observe' }) } })

const tree = root.addChildren([
  home,
  open('/sign-in', () => import('../people/sign-in-page.tsx'), 'SignInPage'),
  open('/setup', () => import('../people/setup-page.tsx'), 'SetupPage'),
  open('/invitation', () => import('../people/invitation-page.tsx'), 'InvitationPage'),
  open('/enrol', () => import('../people/enrol-page.tsx'), 'EnrolPage'),
  shell.addChildren([
    page('/observe', 'observatory:read', () => import('../observe/overview/overview-page.tsx'), 'OverviewPage'),
    page('/observe/explore', 'observatory:read', () => import('../observe/explore/explore-page.tsx'), 'ExplorePage'),
    page('/observe/compare', 'observatory:read', () => import('../observe/compare/compare-page.tsx'), 'ComparePage'),
    page('/observe/top/$dimension', 'observatory:read', () => import('../observe/top/top-page.tsx'), 'TopPage'),
    page('/observe/ports/$protocol/$port', 'observatory:read', () => import('../observe/port/port-page.tsx'), 'PortPage'),
    page('/observe/sources/$address', 'observatory:read', () => import('../observe/source/source-page.tsx'), 'SourcePage'),
    page('/observe/economies', 'observatory:read', () => import('../observe/economies/economies-page.tsx'), 'EconomiesPage'),
    page('/observe/answering', 'observatory:read', () => import('../observe/answering/answering-page.tsx'), 'AnsweringPage'),
    page('/observe/drdos', 'observatory:read', () => import('../observe/drdos/drdos-page.tsx'), 'DrdosPage'),
    page('/observe/sensors', 'sensors:read', () => import('../observe/sensors/sensors-page.tsx'), 'SensorsPage'),
    page('/warn', 'findings:read', () => import('../warn/board/board-page.tsx'), 'BoardPage'),
    page('/warn/findings/$id', 'findings:read', () => import('../warn/finding/finding-page.tsx'), 'FindingPage'),
    page('/warn/campaigns', 'findings:read', () => import('../warn/campaigns/campaigns-page.tsx'), 'CampaignsPage'),
    page('/warn/forecasts', 'findings:read', () => import('../warn/forecasts/forecasts-page.tsx'), 'ForecastsPage'),
    page('/warn/forecasts/$protocol/$port', 'findings:read', () => import('../warn/forecasts/forecast-page.tsx'), 'ForecastPage'),
    page('/warn/bulletins', 'findings:read', () => import('../warn/bulletins/bulletins-page.tsx'), 'BulletinsPage'),
    page('/warn/bulletins/$id', 'findings:read', () => import('../warn/bulletins/bulletin-page.tsx'), 'BulletinPage'),
    page('/warn/subscriptions', 'findings:read', () => import('../warn/subscriptions/subscriptions-page.tsx'), 'SubscriptionsPage'),
    page('/warn/detectors', 'findings:read', () => import('../warn/detectors/detectors-page.tsx'), 'DetectorsPage'),
    page('/measure/report', 'observatory:read', () => import('../report/report-page.tsx'), 'ReportPage'),
    page('/node/settings', 'node:operate', () => import('../node/settings-page.tsx'), 'SettingsPage'),
    page('/node/people', 'people:write', () => import('../people/people-page.tsx'), 'PeoplePage'),
    page('/node/tokens', 'tokens:write', () => import('../node/tokens-page.tsx'), 'TokensPage'),
    page('/node/audit', 'audit:read', () => import('../node/audit-page.tsx'), 'AuditPage'),
    page('/node/decoys', 'sensors:write', () => import('../node/decoys/decoys-page.tsx'), 'DecoysPage'),
    page('/account', 'person', () => import('../people/account-page.tsx'), 'AccountPage'),
    page('/ui', undefined, () => import('../ui/gallery/gallery-page.tsx'), 'GalleryPage'),
    page('/ui/long-series', undefined, () => import('../observe/explore/long-series-page.tsx'), 'LongSeriesPage'),
    // Whatever else is asked for: with the navigation around it, which is the way on.
    createRoute({ getParentRoute: () => shell, path: '$', component: NotFound }),
  ]),
])

export const makeRouter = (client: QueryClient) => createRouter({
  routeTree: tree, context: { client }, parseSearch: (text: string) => parseSearch(text), stringifySearch, defaultPreload: 'intent', scrollRestoration: true,
})
