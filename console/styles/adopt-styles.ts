/**
 * What is looked at on one page alone comes with the code of that page: the door does without it, and it costs no request. A
 * sheet that is constructed is no style that the page's policy would have to allow.
 */
export function adoptStyles(text: string): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}
