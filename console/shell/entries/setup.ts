import '../common.ts'

export { SetupPage } from '../../pages/setup/setup-page.tsx'
