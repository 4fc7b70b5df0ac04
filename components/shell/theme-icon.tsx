// Drawn here, because each icon of the library is a piece of the browser's side, and the pages that show this one have none.
const paths = {
  light:
    'M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10M12 1v2M12 21v2M1 12h2M21 12h2M4.2 4.2l1.4 1.4M18.4 18.4l1.4 1.4M4.2 19.8l1.4-1.4M18.4 5.6l1.4-1.4',
  dark: 'M21 12.8A9 9 0 1 1 11.2 3 7 7 0 0 0 21 12.8z',
  system: 'M3 4h18v12H3zM8 20h8M12 16v4',
} as const

/** A sun, a moon, or a screen. */
export function ThemeIcon({ theme }: { theme: keyof typeof paths }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className="size-4"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[theme]} />
    </svg>
  )
}
