"""What the notebooks import and do not teach: machine, data, figures, checks, quizzes.

For every lesson:
  runtime    which machine, which Keras backend, how many epochs
  datasets   finds each named data set: folder, cache, download, embedded sample
  tfrecords  writes and reads shards of pictures
  pictures   reads one picture of any kind, for datasets and tfrecords
  plots      figures with Bengali text and alternative text
  play       things to play with: sliders, forms and the drawing pad (pad.js)
  check      says in Bengali whether an exercise is right; one module a lesson
  quiz       questions with an explanation for every answer
  glossary   what a term means
  tpu        what a model would need on a TPU, asked of the TPU's compiler (_tpu_compile)
  errors     what an error means, in Bengali, above its traceback (_facts); look, for mistakes
             that raise nothing (_look); the knowledge is data/errors.toml
  messages   Bengali numbers and Bengali errors, for all of the above

For single lessons, the drawing that is not their subject:
  old_code   01: runs a line of old code and says what became of it
  inside     02: neurons, slopes, paths and boundaries
  graph      03: the graph of a model
  desk       03: the ticket desk's figures
  speed      05: the growing bar chart of pictures a second
  lens       06: filters, sliding windows, feature maps, the ladder of models

Nothing here imports Keras before `runtime.start()` has chosen its backend.
"""
