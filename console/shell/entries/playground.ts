import '../common.ts'
import pageStyles from '../../styles/playground.css' with { type: 'text' }
import { adoptStyles } from '../../styles/adopt-styles.ts'

adoptStyles(pageStyles)

export { PlaygroundPage } from '../../pages/playground/playground-page.tsx'
