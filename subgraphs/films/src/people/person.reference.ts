/** A reference is taken as it comes: whether there is such a person, people knows. */
export const resolvePersonReference = ({ id }: { id: string }) => ({ id })
