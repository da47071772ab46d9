# Paths of a structural model that restricts its constructs, behind the metric gate of the measurement model.
# Run from this folder.
suppressMessages({
  library(jsonlite)
  library(lavaan)
})
measurement <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
structural <- paste0(measurement, "\ntextual ~ visual\nspeed ~ textual")
fit <- function(model, equal) {
  sem(model, HolzingerSwineford1939, group = "school", group.equal = equal, estimator = "MLR", meanstructure = TRUE)
}
configural <- fit(measurement, "")
metric <- fit(measurement, "loadings")
scalar <- fit(measurement, c("loadings", "intercepts"))
free <- fit(structural, "loadings")
equal <- fit(structural, c("loadings", "regressions"))
step <- lavTestLRT(configural, metric)
omnibus <- lavTestLRT(free, equal)
rows <- subset(parameterEstimates(free), op == "~")
means <- subset(parameterEstimates(scalar), op == "~1" & lhs %in% c("visual", "textual", "speed") & group == 2)
writeLines(toJSON(list(
  versions = list(R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan"))),
  measurement = measurement,
  structural = structural,
  df = unname(c(fitMeasures(configural, "df"), fitMeasures(metric, "df"))),
  step = step[2, "Chisq diff"],
  means = means[c("lhs", "est", "se")],
  omnibus = list(chisq = omnibus[2, "Chisq diff"], df = omnibus[2, "Df diff"]),
  paths = rows[c("lhs", "rhs", "group", "est", "se")]
), digits = NA, auto_unbox = TRUE, pretty = TRUE), "sem_paths_behind_measurement.json")
