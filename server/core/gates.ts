declare const projectBrand: unique symbol
declare const actorBrand: unique symbol

/** A project that a gate has opened for this caller. Only this file mints it; every read of project data asks for it. */
export type ProjectId = string & { readonly [projectBrand]: true }
/** The person on whose behalf a call runs. Only this file mints it. */
export type ActorId = string & { readonly [actorBrand]: true }
