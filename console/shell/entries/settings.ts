import '../common.ts'
import pageStyles from '../../styles/settings.css' with { type: 'text' }
import { adoptStyles } from '../../styles/adopt-styles.ts'

adoptStyles(pageStyles)

export { SettingsPage } from '../../pages/settings/settings-page.tsx'
