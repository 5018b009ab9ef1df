import '../common.ts'

export { AccountsPage } from '../../pages/accounts/accounts-page.tsx'
