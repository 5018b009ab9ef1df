import '../common.ts'

export { OverviewPage } from '../../pages/overview/overview-page.tsx'
