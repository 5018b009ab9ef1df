import '../common.ts'

export { KeysPage } from '../../pages/keys/keys-page.tsx'
