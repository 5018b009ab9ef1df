import '../common.ts'

export { SettingsPage } from '../../pages/settings/settings-page.tsx'
