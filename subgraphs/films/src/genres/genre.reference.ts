/** A reference is taken as it comes: whether there is such a genre, people knows. */
export const resolveGenreReference = ({ id }: { id: string }) => ({ id })
