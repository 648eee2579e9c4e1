/** Words that say so little that a question may leave them out; there are films called "It" and «Он», so a title does not. */
const STOP_WORDS = new Set(
  [
    'a an the this that these those i me my myself we us our ours you your yours he him his she her hers it its they them their',
    'who whom whose which what when where why how am is are was were be been being have has had having do does did doing',
    'and or but if because as until while of at by for with about against between into through during before after above below',
    'to from up down in out on off over under again further then once here there all any both each few more most other some',
    'such no nor not only own same so than too very can will just should now dont s t don',
    'и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня еще нет о',
    'из ему теперь когда даже ну вдруг ли если уже или ни быть был него до вас нибудь опять уж вам ведь там потом себя ничего',
    'ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто чего раз тоже себе под будет ж тогда кто',
    'этот того потому этого какой совсем ним здесь этом один почти мой тем чтобы нее сейчас были куда зачем всех никогда можно',
    'при наконец два об другой хоть после над больше тот через эти нас про всего них какая много разве три эту моя впрочем хорошо',
    'свою этой перед иногда лучше чуть том нельзя такой им более всегда конечно всю между',
  ].flatMap((words) => words.split(' ')),
)

export const isStopWord = (word: string): boolean => STOP_WORDS.has(word)
