/** The sign-in page that leads back to `path`. */
export const signInPath = (path: string) => `/sign-in?callbackUrl=${encodeURIComponent(path)}`
