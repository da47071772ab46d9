# Cluster-robust estimates of lavaan referred to t with G - 1 degrees of freedom. Run from this folder: Rscript sem_few_clusters.R
source("lavaan_export.R")
H <- read.csv("data/hs1939.csv")
model <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\nspeed ~ a*visual + b*textual\nd := a - b"
of <- function(id, ...) { f <- sem(model, H, cluster = "ageyr", estimator = "MLR", control = TRIES[[1]], ...)
  p <- parameterEstimates(f); p <- rows(p[p$se > 0 & !is.na(p$z), ])
  df <- if (lavInspect(f, "ngroups") == 1) length(unique(H$ageyr)) - 1 else min(tapply(H$ageyr, H$school, function(a) length(unique(a)))) - 1
  p$group <- if (is.null(p$group)) 1 else p$group; p$pvalue <- 2 * pt(-abs(p$z), df)
  p$ci_lower <- p$est - qt(.975, df) * p$se; p$ci_upper <- p$est + qt(.975, df) * p$se
  list(id = id, model = model, df = df, parameters = p[, c("lhs", "op", "rhs", "group", "est", "se", "z", "pvalue", "ci_lower", "ci_upper")]) }
write_oracle(list(of("one_group"), of("groups", group = "school", group.equal = "")), "sem_few_clusters.json")
