import '../common.ts'
import bodyStyles from '../../styles/bodies.css' with { type: 'text' }
import drawerStyles from '../../styles/request-drawer.css' with { type: 'text' }
import pageStyles from '../../styles/requests.css' with { type: 'text' }
import { adoptStyles } from '../../styles/adopt-styles.ts'

for (const styles of [pageStyles, drawerStyles, bodyStyles]) adoptStyles(styles)

export { RequestsPage } from '../../pages/requests/requests-page.tsx'
