/** A baton's stroke through four beats. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={className}
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M3 19 8 6l4 9 4-9 5 13" strokeWidth="2.4" />
      <circle cx="12" cy="20.2" r="1.6" fill="currentColor" stroke="none" />
    </svg>
  )
}
