import '../common.ts'
import pageStyles from '../../styles/setup.css' with { type: 'text' }
import { adoptStyles } from '../../styles/adopt-styles.ts'

adoptStyles(pageStyles)

export { SetupPage } from '../../pages/setup/setup-page.tsx'
