import '../common.ts'
import chartStyles from '../../styles/charts.css' with { type: 'text' }
import pageStyles from '../../styles/overview.css' with { type: 'text' }
import { adoptStyles } from '../../styles/adopt-styles.ts'

adoptStyles(chartStyles)
adoptStyles(pageStyles)

export { OverviewPage } from '../../pages/overview/overview-page.tsx'
