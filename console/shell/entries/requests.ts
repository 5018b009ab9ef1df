import '../common.ts'

export { RequestsPage } from '../../pages/requests/requests-page.tsx'
