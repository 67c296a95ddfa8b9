"""What the notebooks import and do not teach: machine, data, figures, checks, quizzes.

runtime   which machine, which Keras backend, how many epochs
datasets  finds each named data set: folder, cache, download, embedded sample
plots     figures with Bengali text and alternative text
play      things to play with: sliders and the drawing pad
check     says in Bengali whether an exercise is right
quiz      questions with an explanation for every answer
glossary  what a term means
messages  Bengali numbers and Bengali errors, for all of the above

Nothing here imports Keras before `runtime.start()` has chosen its backend.
"""
